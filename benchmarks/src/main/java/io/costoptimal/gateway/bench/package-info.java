/** What the benchmarks share: sample texts and requests, connections without sockets, and the threads they run on. */
package io.costoptimal.gateway.bench;
