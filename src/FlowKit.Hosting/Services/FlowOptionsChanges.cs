using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace FlowKit.Hosting.Services;

/// <summary>Tells when the configuration of a flow may have changed.</summary>
/// <param name="name">The flow's name.</param>
/// <param name="configuration">The host's configuration; <see langword="null"/> when it has none.</param>
internal sealed class FlowOptionsChanges(string name, IConfiguration? configuration) : IOptionsChangeTokenSource<FlowHostOptions>
{
    private const string Flows = "Flows";
    private const string Unnamed = "Default";

    public string Name => name;

    /// <summary>Returns what the configuration says of a flow.</summary>
    public static IConfigurationSection SectionOf(IConfiguration configuration, string flow) =>
        configuration.GetSection($"{Flows}:{(flow.Length == 0 ? Unnamed : flow)}");

    public IChangeToken GetChangeToken() =>
        configuration is null ? new CancellationChangeToken(CancellationToken.None) : SectionOf(configuration, name).GetReloadToken();
}
