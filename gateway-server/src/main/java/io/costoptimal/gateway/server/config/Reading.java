package io.costoptimal.gateway.server.config;

import java.nio.file.Path;
import java.util.Map;

/**
 * What reading one file needs all along. Owned by the thread that loads it.
 *
 * @param source the file's characters
 * @param environment where {@code ${NAME}} is looked up; {@code null} for nowhere, and then it stands for some text
 * @param folder where relative paths in the file start
 * @param problems what was found wrong so far
 */
record Reading(SourceText source, Map<String, String> environment, Path folder, Problems problems) {

    /** What the environment has for {@code name}; {@code null} when it has nothing. */
    String variable(String name) {
        return environment == null ? null : environment.get(name);
    }

    /** Whether variables that nobody set stand for some text. */
    boolean withoutEnvironment() {
        return environment == null;
    }
}
