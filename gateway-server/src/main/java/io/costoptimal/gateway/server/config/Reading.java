package io.costoptimal.gateway.server.config;

import java.nio.file.Path;
import java.util.Map;

/**
 * What reading one file needs all along. Owned by the thread that loads it.
 *
 * @param source the file's characters
 * @param environment where {@code ${NAME}} is looked up
 * @param folder where relative paths in the file start
 * @param problems what was found wrong so far
 */
record Reading(SourceText source, Map<String, String> environment, Path folder, Problems problems) {}
