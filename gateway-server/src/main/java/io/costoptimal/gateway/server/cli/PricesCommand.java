package io.costoptimal.gateway.server.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Commands about what models cost. */
@Command(
        name = "prices",
        description = "Reads other projects' lists of prices, and shows what a model costs.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {PricesImportCommand.class, PricesShowCommand.class})
public final class PricesCommand implements Runnable {

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "no command (expected: import or show)");
    }
}
