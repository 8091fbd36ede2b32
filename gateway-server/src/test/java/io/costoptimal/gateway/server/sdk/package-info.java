/** The official clients, unchanged, against the real program. */
package io.costoptimal.gateway.server.sdk;
