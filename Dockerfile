# syntax=docker/dockerfile:1
# The stages that compile and the one that runs share a Debian release, so that the native module fits.

FROM node:24-bookworm AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY nest-cli.json tsconfig.json tsconfig.build.json ormconfig.ts ./
COPY scripts/bundle.mjs scripts/
COPY libs libs
COPY src src
RUN npm run build

# Apart from the build, so that a change of the sources installs nothing anew.
FROM node:24-bookworm AS dependencies
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --no-audit --no-fund

FROM node:24-bookworm-slim
WORKDIR /app
RUN install -d -o 1000 -g 1000 -m 0700 /data
COPY --from=dependencies /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY package.json ./
COPY deploy/healthcheck.mjs ./
ENV NODE_ENV=production DATA_DIR=/data HOST=0.0.0.0 PORT=3000
# Only /data and /tmp need to be writable; nothing else is written to.
VOLUME ["/data"]
EXPOSE 3000
# By number: Kubernetes cannot tell that a named user is not root.
USER 1000:1000
# Node as process 1 gets the signal itself: no shell, no npm in between.
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 CMD ["node", "healthcheck.mjs"]
CMD ["node", "--max-semi-space-size=8", "--heap-growing-percent=50", "--initial-old-space-size=48", "--no-allocation-site-pretenuring", "--v8-pool-size=1", "dist/src/main.js"]
