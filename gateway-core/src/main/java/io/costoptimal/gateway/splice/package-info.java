/**
 * The last stage: leases a connection to a provider, sends the request, and hands the provider's bytes to the client as
 * they are; fails over before the first byte, and never makes a broken answer look whole after it.
 *
 * <p>Start reading at {@link io.costoptimal.gateway.splice.Relay}, whose states are the life of
 * an exchange here.
 */
package io.costoptimal.gateway.splice;
