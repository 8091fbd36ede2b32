/**
 * The gateway as a whole: start, reload, drain, close, and the list that puts the stages together.
 *
 * <p>Start reading at {@code ClientPipeline}. This package imports all others and none imports it.
 */
package io.costoptimal.gateway;
