/** Our rows beside a provider's own figures, by day and model. Knows nothing of files or command lines. */
package io.costoptimal.gateway.server.reconcile;
