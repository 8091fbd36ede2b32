package io.costoptimal.gateway.server.cli;

import io.costoptimal.gateway.server.config.ConfigException;
import io.costoptimal.gateway.server.config.GatewayConfig;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Checks a configuration and prints its routing table. */
@Command(
        name = "check",
        description = {
            "Checks a configuration: prints its routing table, or every problem as file:line:col.",
            "Warnings go to standard error and change nothing. Exit code 2 when the file cannot be used."
        })
public final class CheckCommand implements Callable<Integer> {

    @Mixin
    private ConfigOption config;

    @Option(names = "--no-env", description = "Read no environment: a variable without a default stands for some text.")
    private boolean noEnvironment;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws ConfigException {
        GatewayConfig loaded = noEnvironment ? config.loadWithoutEnvironment() : config.load();
        PrintWriter out = spec.commandLine().getOut();
        out.print(RoutingTable.of(loaded));
        out.flush();
        return Exit.OK;
    }
}
