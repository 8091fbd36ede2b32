/** Clients that people use, each as it is, against the real program over each wire that it speaks. */
package io.costoptimal.gateway.server.clients;
