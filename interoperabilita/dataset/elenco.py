"""The data sets that are published, in the order of the page."""

from interoperabilita.dataset.avanzamenti import AVANZAMENTI
from interoperabilita.dataset.finanziamenti import FINANZIAMENTI
from interoperabilita.dataset.interventi import INTERVENTI
from interoperabilita.dataset.piani import PIANI
from interoperabilita.dataset.territorio import TERRITORIO
from interoperabilita.dataset.tipi import Dataset
from interoperabilita.dataset.traguardi import TRAGUARDI

DATASET: dict[str, Dataset] = {
    dataset.codice: dataset for dataset in (INTERVENTI, FINANZIAMENTI, AVANZAMENTI, TRAGUARDI, PIANI, TERRITORIO)
}
