package io.costoptimal.gateway.server;

import io.costoptimal.gateway.server.cli.CheckCommand;
import io.costoptimal.gateway.server.cli.CommandLines;
import io.costoptimal.gateway.server.cli.CompletionCommand;
import io.costoptimal.gateway.server.cli.DemoCommand;
import io.costoptimal.gateway.server.cli.ExplainCommand;
import io.costoptimal.gateway.server.cli.HealthCommand;
import io.costoptimal.gateway.server.cli.HelpCommand;
import io.costoptimal.gateway.server.cli.InitCommand;
import io.costoptimal.gateway.server.cli.PricesCommand;
import io.costoptimal.gateway.server.cli.SchemaCommand;
import io.costoptimal.gateway.server.cli.ServeCommand;
import io.costoptimal.gateway.server.cli.UsageCommand;
import io.costoptimal.gateway.server.cli.VersionCommand;
import io.costoptimal.gateway.server.runtime.LastWords;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The program: one command line with the commands of the package {@code cli}. */
@Command(
        name = "gateway-server",
        description = "A reverse proxy for LLM traffic.",
        versionProvider = Main.Version.class,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            ServeCommand.class,
            DemoCommand.class,
            CheckCommand.class,
            ExplainCommand.class,
            InitCommand.class,
            PricesCommand.class,
            UsageCommand.class,
            HealthCommand.class,
            SchemaCommand.class,
            CompletionCommand.class,
            VersionCommand.class,
            HelpCommand.class
        })
public final class Main {

    private static final String LEAK_DETECTION = "io.netty.leakDetection.level";

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "Show this help.")
    private boolean help;

    @Option(names = "--version", versionHelp = true, description = "Show the version.")
    private boolean version;

    private Main() {}

    /** The version in the jar's manifest. */
    static final class Version implements IVersionProvider {

        @Override
        public String[] getVersion() {
            String version = Main.class.getPackage().getImplementationVersion();
            return new String[] {"gateway-server " + (version == null ? "unpackaged" : version)};
        }
    }

    /** Runs the command in {@code args} and exits with its code. */
    public static void main(String[] args) {
        // Netty samples buffers for leaks unless told otherwise; tests look at every one, so that serving need not.
        if (System.getProperty(LEAK_DETECTION) == null) {
            System.setProperty(LEAK_DETECTION, "disabled");
        }
        SmallMemory.prepare();
        LastWords.install();
        System.exit(commandLine().execute(args));
    }

    /** The command line, for who runs it in a process of their own. */
    public static CommandLine commandLine() {
        return CommandLines.of(new Main());
    }
}
