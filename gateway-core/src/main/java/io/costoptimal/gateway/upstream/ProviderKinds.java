package io.costoptimal.gateway.upstream;

import io.costoptimal.gateway.exchange.ApiFamily;
import io.costoptimal.gateway.exchange.ProviderKind;
import io.costoptimal.gateway.http.CredentialFields;
import java.util.List;
import java.util.Set;

/** The kinds of providers that every gateway knows. */
public final class ProviderKinds {

    /** OpenAI's public API, and whoever serves the like: {@code Authorization: Bearer}. */
    public static final ProviderKind OPENAI =
            new PublicApi("openai", Set.of(ApiFamily.OPENAI), "Authorization", "Bearer ", BasePath::likeOpenAi);

    /** Anthropic's public API, and whoever serves the like: {@code x-api-key}. */
    public static final ProviderKind ANTHROPIC = new PublicApi(
            "anthropic",
            Set.of(ApiFamily.ANTHROPIC),
            CredentialFields.X_API_KEY.toString(),
            "",
            BasePath::likeAnthropic);

    /** Azure's resources: {@code api-key}; the deployment is in the path unless the base ends in {@code /openai/v1}. */
    public static final ProviderKind AZURE = new Azure();

    /** All of them. */
    public static final List<ProviderKind> ALL = List.of(OPENAI, ANTHROPIC, AZURE);

    private ProviderKinds() {}
}
