/** Programs that embed the gateway, each in one file, to be read and copied; {@code docs/embedding.md} says more. */
package io.costoptimal.gateway.examples;
