using FlowKit.Configuration.Equality;

namespace FlowKit.Configuration.Gateway;

/// <summary>The protection of the gateway: a certificate and keys. Nothing of it by default.</summary>
public sealed record GatewaySecurityConfig
{
    /// <summary>The certificate and its chain as PEM, relative to the flow's folder; <see langword="null"/> for no TLS.</summary>
    public string? CertificateFile { get; init; }

    /// <summary>Its private key as PEM, without a password.</summary>
    public string? KeyFile { get; init; }

    /// <summary>The authorities (PEM) that a client's certificate must come from; <see langword="null"/> asks for none.</summary>
    public string? ClientAuthoritiesFile { get; init; }

    /// <summary>
    /// More names that callers may reach the gateway by, in lower case: a name, an address, <c>*.</c> and a domain, or <c>*</c> for any.
    /// </summary>
    public IReadOnlyList<string> Hosts { get; init => field = Equatable.Of(value); } = EquatableList<string>.Empty;

    /// <summary>The keys that <c>api_keys</c> and <c>api_keys_env</c> write.</summary>
    public IReadOnlyList<ApiKeyConfig> ApiKeys { get; init => field = Equatable.Of(value); } = EquatableList<ApiKeyConfig>.Empty;

    /// <summary>A file with a key on each line, read again when it changes, relative to the flow's folder.</summary>
    public string? ApiKeysFile { get; init; }

    /// <summary>Tells whether callers need a key.</summary>
    public bool NeedsKey => ApiKeysFile is not null || ApiKeys.Count > 0;
}
