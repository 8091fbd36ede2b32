/**
 * The operators' listener: who may ask, from which page, on which thread a question is answered, and how long that may take.
 * What is answered is in other packages; {@link io.costoptimal.gateway.server.admin.Site} lists it.
 */
package io.costoptimal.gateway.server.admin;
