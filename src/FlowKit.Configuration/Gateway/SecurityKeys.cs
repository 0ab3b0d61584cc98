using FlowKit.Configuration.Schema;
using FlowKit.Configuration.Yaml;
using static FlowKit.Configuration.Schema.Declare;

namespace FlowKit.Configuration.Gateway;

/// <summary>The keys of <c>gateway:</c> that guard it.</summary>
internal static class SecurityKeys
{
    public static readonly Key<string?> CertificateFile = FilePath("ssl_certfile");
    public static readonly Key<string?> KeyFile = FilePath("ssl_keyfile");
    public static readonly Key<string?> ClientAuthoritiesFile = FilePath("ssl_ca_certfile");
    public static readonly Key<IReadOnlyList<YamlScalar>> ApiKeys = TextList("api_keys", "api_key");
    public static readonly Key<string?> ApiKeysEnvironment = Text("api_keys_env");
    public static readonly Key<string?> ApiKeysFile = FilePath("api_keys_file");

    public static readonly Key<IReadOnlyList<YamlScalar>> Hosts = TextList("hosts");

    public static readonly IReadOnlyList<Key> All =
        [Hosts, CertificateFile, KeyFile, ClientAuthoritiesFile, ApiKeys, ApiKeysEnvironment, ApiKeysFile];
}
