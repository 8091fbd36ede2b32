package io.costoptimal.gateway.server.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Asks a running gateway whether it serves: for containers, whose images hold no other HTTP client. */
@Command(
        name = "health",
        description = {
            "Asks a running gateway for /healthz; exits 0 if it answers 200, else 1.",
            "For container health checks; needs no key and no configuration."
        })
public final class HealthCommand implements Callable<Integer> {

    private static final int PATIENCE_MILLIS = 3_000;

    @Parameters(
            paramLabel = "HOST:PORT",
            arity = "0..1",
            defaultValue = "127.0.0.1:${env:PORT:-8080}",
            description = "Where it listens, for clients or operators (default: 127.0.0.1 and $$PORT, else 8080).")
    private String address;

    @Option(names = "--ready", description = "Ask for /readyz, which says no while the gateway drains.")
    private boolean ready;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        String url = "http://" + address + (ready ? "/readyz" : "/healthz");
        String said;
        try {
            int status = ask(url);
            if (status == 200) {
                return Exit.OK;
            }
            said = Integer.toString(status);
        } catch (UnknownHostException e) {
            said = "no such host";
        } catch (IOException | IllegalArgumentException e) {
            said = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        }
        PrintWriter err = spec.commandLine().getErr();
        err.println(url + ": " + said + " (expected: 200)");
        err.flush();
        return Exit.FAILED;
    }

    private static int ask(String url) throws IOException {
        HttpURLConnection connection =
                (HttpURLConnection) URI.create(url).toURL().openConnection(Proxy.NO_PROXY);
        connection.setConnectTimeout(PATIENCE_MILLIS);
        connection.setReadTimeout(PATIENCE_MILLIS);
        connection.setInstanceFollowRedirects(false);
        try {
            return connection.getResponseCode();
        } finally {
            connection.disconnect();
        }
    }
}
