/** Two ends of real sockets for every test of wire behaviour: a provider that plays a script, and a client that hides nothing. */
package io.costoptimal.gateway.testing;
