# naetmul itself, without the servers that it works with: docker-compose.yml has those. Built from this folder.
# Another registry's Node can stand in for Docker Hub's: --build-arg NODE_IMAGE=…
ARG NODE_IMAGE=node:24.21.0-slim

# The pages of the services are built with what builds them, and served without.
FROM ${NODE_IMAGE} AS pages
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY tsconfig.json ./
COPY services ./services
RUN node services/gas-detector/web/build.ts && node services/app-analytics/web/build.ts

FROM ${NODE_IMAGE} AS packages
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --no-audit --no-fund

FROM ${NODE_IMAGE}
ENV NODE_ENV=production NAETMUL_HOST=0.0.0.0 NAETMUL_PORT=4566 NAETMUL_CACHE=/home/node/naetmul
WORKDIR /app
COPY --from=packages /app/node_modules ./node_modules
COPY package.json LICENSE ./
COPY fixtures ./fixtures
COPY harness ./harness
COPY services ./services
COPY --from=pages /app/services/gas-detector/web/dist ./services/gas-detector/web/dist
COPY --from=pages /app/services/app-analytics/web/dist ./services/app-analytics/web/dist
# What naetmul keeps for itself: the authority of its certificates, above all. The mount point of a volume.
RUN ln -s /app/harness/cli/naetmul.js /usr/local/bin/naetmul && install -d -o node -g node "$NAETMUL_CACHE"
USER node
EXPOSE 4566 8080 8088 8089 8443 8883
HEALTHCHECK --interval=5s --timeout=3s --start-period=60s --retries=12 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.NAETMUL_PORT}/_naetmul/status`).then((answer) => answer.json()).then(({ ready }) => process.exit(ready ? 0 : 1), () => process.exit(1))"]
CMD ["naetmul", "up"]
