# The image of the portal: web server, workers and beat are the same image with different commands (docker-compose.yml).
# Where your registry can be reached, pin the base by digest: docker build --build-arg BASE=python:3.11-slim-bookworm@sha256:…
ARG BASE=python:3.11-slim-bookworm

FROM ${BASE} AS librerie
COPY requisiti/produzione.txt .
RUN python -m venv /opt/venv \
 && /opt/venv/bin/pip install --no-cache-dir --no-compile --disable-pip-version-check --require-hashes -r produzione.txt \
 && /opt/venv/bin/pip uninstall --yes --quiet pip \
 && /opt/venv/bin/python -m compileall -qq -j 0 -x '[/\\]tests?[/\\]|bad_|lib2to3' /opt/venv/lib
WORKDIR /portale
COPY . .
RUN /opt/venv/bin/python -m compileall -q .

FROM ${BASE}
# What WeasyPrint loads (without the third, PDF files do not repeat byte for byte), and what `manage.py backup` calls.
RUN apt-get update \
 && apt-get upgrade -y \
 && apt-get install -y --no-install-recommends \
    libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 postgresql-client-15 \
 && rm -rf /var/lib/apt/lists/* \
 && groupadd --system --gid 10001 psttm \
 && useradd --system --uid 10001 --gid psttm --no-create-home --home-dir /var/lib/psttm --shell /usr/sbin/nologin psttm \
 && install -d -o psttm -g psttm -m 0700 \
    /var/lib/psttm /var/lib/psttm/appoggio /var/lib/psttm-documenti /var/lib/psttm-copie
COPY --from=librerie /opt/venv /opt/venv
# The code belongs to root: the portal cannot change itself.
COPY --from=librerie /portale /portale
WORKDIR /portale
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    AMBIENTE=produzione \
    VAR_DIR=/var/lib/psttm \
    MEDIA_ROOT=/var/lib/psttm-documenti \
    TMPDIR=/var/lib/psttm/appoggio
USER 10001:10001
# Nothing else is written: the rest may be mounted read-only, with a /tmp in memory.
VOLUME ["/var/lib/psttm", "/var/lib/psttm-documenti", "/var/lib/psttm-copie"]
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=4 \
    CMD ["python", "-c", "import urllib.request as rete; rete.urlopen('http://127.0.0.1:8000/salute/viva', timeout=4)"]
CMD ["gunicorn", "psttm.wsgi", "--bind", "0.0.0.0:8000", "--workers", "4", "--worker-tmp-dir", "/dev/shm", "--graceful-timeout", "30", "--no-control-socket"]
