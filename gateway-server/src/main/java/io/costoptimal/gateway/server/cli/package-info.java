/**
 * The commands of the program. Each prints its result on standard output and what is wrong on standard error, and returns
 * an exit code of {@link io.costoptimal.gateway.server.cli.Exit}; none shows a stack trace or a secret.
 */
package io.costoptimal.gateway.server.cli;
