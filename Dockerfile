# Builds the gateway and runs it as nobody on a file system that may be read-only:
#   docker build -t gateway .
#   docker run --read-only -p 8080:8080 -v "$PWD/gateway.yaml:/etc/gateway/gateway.yaml:ro" --env-file gateway.env gateway
# The configuration has to listen on all addresses of the container: `listen: 0.0.0.0:8080`.
FROM docker.io/library/maven:3.9-eclipse-temurin-25 AS build
WORKDIR /src
COPY . .
# Native libraries, Netty's and SQLite's, are unpacked into /tmp at each start unless they lie on the library path: do it once, here.
# A ledger (save_usage) needs a volume that user 65532 may write, and storage_uri: file:/where/it/is/usage.db.
RUN mvn -B -ntp -DskipTests -pl gateway-server -am package \
 && mkdir -p /opt/gateway/native unpacked \
 && cp -r gateway-server/target/gateway-server.jar gateway-server/target/lib bin/gateway /opt/gateway/ \
 && cd unpacked \
 && for jar in /opt/gateway/lib/netty-*linux*.jar; do jar xf "$jar" META-INF/native; done \
 && cp META-INF/native/*.so /opt/gateway/native/ \
 && jar xf /opt/gateway/lib/sqlite-jdbc-*.jar org/sqlite/native/Linux \
 && cp "org/sqlite/native/Linux/$(uname -m)/libsqlitejdbc.so" /opt/gateway/native/

FROM docker.io/library/eclipse-temurin:25-jre
COPY --from=build /opt/gateway /opt/gateway
ENV GATEWAY_JAVA_OPTS="-Djava.library.path=/opt/gateway/native"
USER 65532:65532
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s --retries=3 CMD ["java", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx32m", "-XX:-UsePerfData", "-jar", "/opt/gateway/gateway-server.jar", "health"]
ENTRYPOINT ["/opt/gateway/gateway"]
CMD ["serve", "--config", "/etc/gateway/gateway.yaml"]
