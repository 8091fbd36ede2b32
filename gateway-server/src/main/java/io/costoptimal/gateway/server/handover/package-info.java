/** Listening sockets that go from one process to the next, or come from systemd: no client finds the port closed meanwhile. */
package io.costoptimal.gateway.server.handover;
