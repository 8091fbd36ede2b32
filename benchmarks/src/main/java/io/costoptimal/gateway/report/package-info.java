/** Turns the raw results of the microbenchmarks and of the load harness into the pages under {@code docs/performance}. */
package io.costoptimal.gateway.report;
