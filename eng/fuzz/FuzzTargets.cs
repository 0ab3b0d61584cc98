using FlowKit.Fuzz.Targets;
using FlowKit.Wire.Proto;

namespace FlowKit.Fuzz;

/// <summary>All targets, by name.</summary>
internal static class FuzzTargets
{
    private static readonly Dictionary<string, Func<IFuzzTarget>> s_all = new(StringComparer.Ordinal)
    {
        ["yaml"] = static () => new YamlTarget(),
        ["json"] = static () => new JsonTarget(),
        ["proto-v1"] = static () => new ProtoTarget(DocArrayDialect.V1),
        ["proto-v2"] = static () => new ProtoTarget(DocArrayDialect.V2),
        ["http2"] = static () => new Http2Target(),
        ["websocket"] = static () => new WebSocketTarget(),
        ["image"] = static () => new ImageTarget(),
        ["datauri"] = static () => new DataUriTarget(),
        ["condition"] = static () => new ConditionTarget(),
        ["path"] = static () => new AccessPathTarget(),
        ["card"] = static () => new ModelCardTarget(),
        ["ipc"] = static () => new IpcTarget(),
    };

    /// <summary>The targets' names.</summary>
    public static IReadOnlyCollection<string> Names => s_all.Keys;

    /// <summary>Makes a target.</summary>
    /// <param name="name">Its name.</param>
    public static IFuzzTarget Create(string name) => s_all[name]();
}
