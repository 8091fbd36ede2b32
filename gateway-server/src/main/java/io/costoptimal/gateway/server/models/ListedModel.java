package io.costoptimal.gateway.server.models;

/**
 * One model of a list.
 *
 * @param id what a client asks for
 * @param created Unix time in seconds; 0 when it is not known
 * @param owner who has it
 */
record ListedModel(String id, long created, String owner) {}
