FROM python:3.11-slim AS librerie
COPY requisiti/produzione.txt .
RUN python -m venv /opt/venv \
 && /opt/venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r produzione.txt

FROM python:3.11-slim
# What WeasyPrint loads; without the third, PDF files do not repeat byte for byte.
RUN apt-get update \
 && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --create-home --home-dir /var/lib/psttm psttm
COPY --from=librerie /opt/venv /opt/venv
WORKDIR /portale
COPY . .
RUN /opt/venv/bin/python -m compileall -q .
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 AMBIENTE=produzione VAR_DIR=/var/lib/psttm
USER psttm
VOLUME /var/lib/psttm
EXPOSE 8000
CMD ["gunicorn", "psttm.wsgi", "--bind", "0.0.0.0:8000", "--workers", "2", "--no-control-socket"]
