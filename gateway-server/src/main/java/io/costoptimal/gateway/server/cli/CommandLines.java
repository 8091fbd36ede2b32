package io.costoptimal.gateway.server.cli;

import io.costoptimal.gateway.server.config.ConfigException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.UnmatchedArgumentException;

/** How every command line behaves, whatever its commands. */
public final class CommandLines {

    private CommandLines() {}

    /** A command line for {@code command} and its sub-commands. */
    public static CommandLine of(Object command) {
        return new CommandLine(command)
                .setExecutionStrategy(CommandLines::run)
                .setExecutionExceptionHandler((failure, line, parsed) -> failed(failure, line))
                .setParameterExceptionHandler((mistake, arguments) -> wrong(mistake))
                .setCaseInsensitiveEnumValuesAllowed(true);
    }

    /** Runs the command; success becomes failure when its output could not be written, for example to a full disk. */
    private static int run(ParseResult parsed) {
        int code = new RunLast().execute(parsed);
        CommandLine line = parsed.commandSpec().commandLine();
        // Both: a writer around a PrintStream hears of no failure that the stream has swallowed.
        if (code == Exit.OK && (line.getOut().checkError() || System.out.checkError())) {
            line.getErr().println("standard output could not be written");
            return Exit.FAILED;
        }
        return code;
    }

    private static int failed(Exception failure, CommandLine line) {
        if (failure instanceof ConfigException config) {
            config.problems().forEach(line.getErr()::println);
            return Exit.USAGE;
        }
        Throwable cause = failure instanceof UncheckedIOException io ? io.getCause() : failure;
        line.getErr().println(cause instanceof IOException io ? reason(io) : "failed: " + message(cause));
        return Exit.FAILED;
    }

    /** What the JDK says of a file is often its name alone. */
    private static String reason(IOException failure) {
        if (failure instanceof NoSuchFileException file) {
            return file.getFile() + ": no such file or folder";
        }
        if (failure instanceof AccessDeniedException file) {
            return file.getFile() + ": this user may not";
        }
        boolean named = failure instanceof FileSystemException file && file.getFile() != null;
        return named ? failure.getMessage() : "failed: " + message(failure);
    }

    private static String message(Throwable failure) {
        return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
    }

    /** Prints what is wrong in one line, and names the command that shows the options instead of printing them all. */
    private static int wrong(ParameterException mistake) {
        CommandLine line = mistake.getCommandLine();
        PrintWriter err = line.getErr();
        err.println(mistake.getMessage());
        boolean suggested = UnmatchedArgumentException.printSuggestions(mistake, err);
        if (line.getParent() == null && !suggested) {
            line.usage(err);
        } else {
            err.println("try: " + line.getCommandSpec().qualifiedName() + " --help");
        }
        return Exit.USAGE;
    }
}
