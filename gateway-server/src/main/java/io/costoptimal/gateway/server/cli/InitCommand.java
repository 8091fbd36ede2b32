package io.costoptimal.gateway.server.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Hands out a configuration to start from. */
@Command(name = "init", description = "Writes a commented configuration to start from, or prints it.")
public final class InitCommand implements Callable<Integer> {

    static final String STARTER = "starter.yaml";

    @Parameters(arity = "0..1", paramLabel = "FILE", description = "Where to write it; never overwritten.")
    private Path file;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        String starter;
        try (InputStream in = InitCommand.class.getResourceAsStream(STARTER)) {
            starter = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        PrintWriter out = spec.commandLine().getOut();
        if (file == null) {
            out.print(starter);
            out.flush();
            return Exit.OK;
        }
        try {
            Files.writeString(file, starter, StandardOpenOption.CREATE_NEW);
        } catch (FileAlreadyExistsException e) {
            spec.commandLine().getErr().println(file + ": exists already (expected: a new file)");
            return Exit.USAGE;
        }
        out.println("wrote " + file + "; try: check --config " + file);
        return Exit.OK;
    }
}
