package io.costoptimal.gateway.server;

import io.costoptimal.gateway.server.cli.CheckCommand;
import io.costoptimal.gateway.server.cli.CommandLines;
import io.costoptimal.gateway.server.cli.DemoCommand;
import io.costoptimal.gateway.server.cli.ExplainCommand;
import io.costoptimal.gateway.server.cli.InitCommand;
import io.costoptimal.gateway.server.cli.ServeCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The program: one command line with the commands of the package {@code cli}. */
@Command(
        name = "gateway-server",
        description = "A reverse proxy for LLM traffic.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            ServeCommand.class,
            DemoCommand.class,
            CheckCommand.class,
            ExplainCommand.class,
            InitCommand.class
        })
public final class Main {

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "Show this help.")
    private boolean help;

    private Main() {}

    /** Runs the command in {@code args} and exits with its code. */
    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    /** The command line, for who runs it in a process of their own. */
    public static CommandLine commandLine() {
        return CommandLines.of(new Main());
    }
}
