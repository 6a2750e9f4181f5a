"""What a document file is: its content against its name, the antivirus, its pieces while it arrives."""
