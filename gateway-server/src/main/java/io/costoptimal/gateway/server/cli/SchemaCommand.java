package io.costoptimal.gateway.server.cli;

import io.costoptimal.gateway.server.config.ConfigSchema;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Prints the JSON Schema of the configuration. */
@Command(name = "schema", description = "Prints the JSON Schema of the configuration, for editors.")
public final class SchemaCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        out.print(ConfigSchema.json());
        out.flush();
        return Exit.OK;
    }
}
