# Verbatim with its model and an index of the bundled corpus inside: it answers with no network.
#
#   make image && docker run --rm -p 8000:8000 verbatim
#
# BASE_IMAGE is a Debian 12 with Python 3.11, its venv module and apt.
ARG BASE_IMAGE=python:3.11-slim-bookworm

FROM ${BASE_IMAGE} AS build
WORKDIR /app
COPY pyproject.toml requirements.lock README.md LICENSE ./
COPY scripts/install scripts/install
# Dependencies first, so that a change of the code does not fetch them again. PyTorch brings its own tests and headers,
# a tenth of the image, that nothing here reads.
RUN for room in app corpus index ingest; do mkdir "$room" && touch "$room/__init__.py"; done \
    && VENV=/opt/verbatim scripts/install requirements.lock \
    && rm -rf /opt/verbatim/lib/python3.*/site-packages/torch/test /opt/verbatim/lib/python3.*/site-packages/torch/include \
    && find /opt/verbatim/lib/python3.*/site-packages/torch/bin -type f ! -name torch_shm_manager -delete
COPY app app
COPY corpus corpus
COPY index index
COPY ingest ingest
# The library is made here, where nothing needs the network, so that the image answers without one.
ENV VERBATIM_LIBRARY=/library HF_HUB_OFFLINE=1
RUN /opt/verbatim/bin/verbatim ingest && /opt/verbatim/bin/verbatim index

FROM ${BASE_IMAGE}
# What reads scanned documents; `--build-arg OCR_PACKAGES=` leaves it out (verbatim doctor then says so).
ARG OCR_PACKAGES="tesseract-ocr tesseract-ocr-ara tesseract-ocr-chi-sim tesseract-ocr-fra tesseract-ocr-rus tesseract-ocr-spa"
# hadolint ignore=DL3008
RUN if [ -n "${OCR_PACKAGES}" ]; then \
        apt-get update \
        && apt-get install -y --no-install-recommends ${OCR_PACKAGES} \
        && rm -rf /var/lib/apt/lists/*; \
    fi \
    && useradd --system --uid 10001 --home-dir /app verbatim
WORKDIR /app
COPY --from=build /opt/verbatim /opt/verbatim
COPY --from=build /app /app
COPY --from=build --chown=10001:10001 /library /library
ENV PATH=/opt/verbatim/bin:$PATH VERBATIM_LIBRARY=/library HF_HUB_OFFLINE=1 PYTHONUNBUFFERED=1
USER 10001
VOLUME /library
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/readyz', timeout=4)"]
CMD ["verbatim", "serve", "--host", "0.0.0.0", "--port", "8000"]
