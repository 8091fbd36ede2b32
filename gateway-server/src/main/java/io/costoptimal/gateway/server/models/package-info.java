/** The list of models a client may ask for, from the configuration and from the default provider. */
package io.costoptimal.gateway.server.models;
