/**
 * What a simulated provider keeps for those who call it: files, batches, stored responses and all else that has an id. Each
 * family of paths is a class with a few rows in one table; every credential sees its own objects and nobody else's.
 */
package io.costoptimal.gateway.server.simulator.objects;
