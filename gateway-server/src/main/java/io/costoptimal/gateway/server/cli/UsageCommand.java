package io.costoptimal.gateway.server.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Commands about what the ledger holds. */
@Command(
        name = "usage",
        description = "Compares the ledger with a provider's own figures.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {UsageReconcileCommand.class})
public final class UsageCommand implements Runnable {

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "no command (expected: reconcile)");
    }
}
