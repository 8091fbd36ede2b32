/**
 * The configuration file: YAML in, an immutable {@link io.costoptimal.gateway.server.config.GatewayConfig} out, or every
 * problem of the file at once, each with its line and column.
 *
 * <p>Start reading at {@link io.costoptimal.gateway.server.config.ConfigFile}.
 */
package io.costoptimal.gateway.server.config;
