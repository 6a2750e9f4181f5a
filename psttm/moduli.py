"""How forms are drawn: the templates under `templates/moduli/`, for every form of the portal."""

from django.forms.renderers import TemplatesSetting


class ResaModuli(TemplatesSetting):
    form_template_name = "moduli/modulo.html"
    field_template_name = "moduli/campo.html"
