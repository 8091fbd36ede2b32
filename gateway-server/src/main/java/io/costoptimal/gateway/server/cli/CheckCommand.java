package io.costoptimal.gateway.server.cli;

import io.costoptimal.gateway.server.config.ConfigException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Checks a configuration and prints its routing table. */
@Command(
        name = "check",
        description = "Checks a configuration: prints its routing table, or every problem as file:line:col.")
public final class CheckCommand implements Callable<Integer> {

    @Mixin
    private ConfigOption config;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws ConfigException {
        String table = RoutingTable.of(config.load());
        PrintWriter out = spec.commandLine().getOut();
        out.print(table);
        out.flush();
        return Exit.OK;
    }
}
