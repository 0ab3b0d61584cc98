using System.Net;
using FlowKit.Configuration.Diagnostics;
using FlowKit.Configuration.Schema;
using FlowKit.Configuration.Yaml;

namespace FlowKit.Configuration.Gateway;

/// <summary>Reads what guards the gateway. A key is never shown: messages name the line where it stands.</summary>
/// <param name="diagnostics">Collects mistakes.</param>
/// <param name="environment">Reads an environment variable.</param>
internal sealed class SecuritySection(ConfigDiagnostics diagnostics, Func<string, string?> environment)
{
    private const string Path = "gateway";

    private static readonly char[] s_between = [',', '\n', '\r', ' '];

    public GatewaySecurityConfig Read(KeyValues values)
    {
        var certificate = values.Get(SecurityKeys.CertificateFile);
        var key = values.Get(SecurityKeys.KeyFile);
        if (certificate is null != key is null)
        {
            var (written, missing) = certificate is null
                ? (SecurityKeys.KeyFile, SecurityKeys.CertificateFile)
                : (SecurityKeys.CertificateFile, SecurityKeys.KeyFile);
            diagnostics.Add(values.PlaceOf(written), $"{Path}.{written.Name}", $"TLS needs '{missing.Name}' too");
        }

        if (certificate is null && values.Has(SecurityKeys.ClientAuthoritiesFile))
        {
            diagnostics.Add(
                values.PlaceOf(SecurityKeys.ClientAuthoritiesFile),
                $"{Path}.{SecurityKeys.ClientAuthoritiesFile.Name}",
                "clients show certificates only over TLS: write 'ssl_certfile' and 'ssl_keyfile' beside it");
        }

        var security = new GatewaySecurityConfig
        {
            CertificateFile = certificate,
            KeyFile = key,
            ClientAuthoritiesFile = values.Get(SecurityKeys.ClientAuthoritiesFile),
            ApiKeys = ReadKeys(values).Concat(ReadEnvironment(values)).ToArray(),
            ApiKeysFile = values.Get(SecurityKeys.ApiKeysFile),
            Hosts = ReadHosts(values).ToArray(),
        };
        WarnOfOpenDoor(values, security);
        return security;
    }

    private void WarnOfOpenDoor(KeyValues values, GatewaySecurityConfig security)
    {
        var isLocal = values.Get(GatewayKeys.Host) is not { } host
            || GatewayConfig.IsLoopback(host)
            || !IPAddress.TryParse(host, out _);
        if (!isLocal && (!security.NeedsKey || security.CertificateFile is null))
        {
            diagnostics.Warn(
                values.PlaceOf(GatewayKeys.Host),
                $"{Path}.host",
                security.NeedsKey
                    ? "keys travel in clear text without 'ssl_certfile'"
                    : "whoever reaches this address may post; 'api_keys' would ask for a key");
        }
    }

    private IEnumerable<string> ReadHosts(KeyValues values)
    {
        foreach (var written in values.Get(SecurityKeys.Hosts))
        {
            if (IsHost(written.Value))
            {
                yield return written.Value.ToLowerInvariant();
            }
            else
            {
                diagnostics.Add(
                    written.Place,
                    $"{Path}.{SecurityKeys.Hosts.Name}",
                    $"expected a host name without scheme and port, an address, '*.' and a domain, or '*', not {written.Shown}");
            }
        }
    }

    private static bool IsHost(string written) =>
        written == "*"
        || Uri.CheckHostName(written.StartsWith("*.", StringComparison.Ordinal) ? written[2..] : written) != UriHostNameType.Unknown;

    private IEnumerable<ApiKeyConfig> ReadKeys(KeyValues values)
    {
        foreach (var written in values.Get(SecurityKeys.ApiKeys))
        {
            if (ApiKeyConfig.Read(written.Value, out var mistake) is { } key)
            {
                yield return key;
            }
            else
            {
                diagnostics.Add(written.Place, $"{Path}.api_keys", mistake!);
            }
        }
    }

    private IReadOnlyList<ApiKeyConfig> ReadEnvironment(KeyValues values)
    {
        if (values.Get(SecurityKeys.ApiKeysEnvironment) is not { } name)
        {
            return [];
        }

        SecretVariables.Add(name);
        var written = (environment(name) ?? "").Split(s_between, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        Array.ForEach(written, SecretValues.Add);
        var keys = written.Select(ApiKeyDigest.Read).ToList();
        if (keys.Count == 0 || keys.Contains(null))
        {
            diagnostics.Add(values.PlaceOf(SecurityKeys.ApiKeysEnvironment), $"{Path}.api_keys_env", keys.Count == 0
                ? $"the environment variable '{YamlScalar.Shorten(name)}' is not set"
                : $"'{YamlScalar.Shorten(name)}' holds a key that is shorter than {ApiKeyDigest.MinKeyLength} characters or not ASCII");
        }

        return [.. keys.OfType<string>().Select(digest => new ApiKeyConfig(digest))];
    }
}
