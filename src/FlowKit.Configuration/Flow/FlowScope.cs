using FlowKit.Configuration.Hub;
using FlowKit.Configuration.Schema;

namespace FlowKit.Configuration.Flow;

/// <summary>Describes what a flow's file says for all its executors.</summary>
/// <param name="File">The file.</param>
/// <param name="With">The values under <c>with:</c>, which executors inherit.</param>
/// <param name="Env">Environment variables.</param>
/// <param name="Reload">Whether executors follow changes of their files.</param>
/// <param name="Hub">What stands for names of the hub.</param>
internal sealed record FlowScope(ConfigFile File, KeyValues? With, IReadOnlyDictionary<string, string> Env, bool Reload, HubTable Hub);
