FROM python:3.11-slim AS build
WORKDIR /src
COPY . .
RUN pip install --no-cache-dir --no-deps --require-hashes -r requirements-dev.txt \
 && python -m hatchling build -t wheel -d /wheel

FROM python:3.11-slim
RUN useradd --create-home --uid 1000 mapkeeper && mkdir /data && chown mapkeeper /data
COPY requirements.txt /tmp/
RUN pip install --no-cache-dir --no-deps --require-hashes -r /tmp/requirements.txt
COPY --from=build /wheel /tmp/wheel
RUN pip install --no-cache-dir --no-deps /tmp/wheel/*.whl && rm -r /tmp/wheel
USER mapkeeper
WORKDIR /data
VOLUME /data
EXPOSE 8080
HEALTHCHECK CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8080/healthz', timeout=2)"]
CMD ["mapkeeper", "serve", "--host", "0.0.0.0"]
