package io.costoptimal.gateway.server.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Commands about what the ledger holds. */
@Command(
        name = "usage",
        description = "Writes out the usage ledger, and compares it with a provider's own figures.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {UsageExportCommand.class, UsageReconcileCommand.class})
public final class UsageCommand implements Runnable {

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "no command (expected: export or reconcile)");
    }
}
