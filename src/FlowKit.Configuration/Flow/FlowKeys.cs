using FlowKit.Configuration.Executors;
using FlowKit.Configuration.Gateway;
using FlowKit.Configuration.Monitoring;
using FlowKit.Configuration.Schema;
using FlowKit.Configuration.Yaml;
using static FlowKit.Configuration.Schema.Declare;

namespace FlowKit.Configuration.Flow;

/// <summary>The keys at the top of a flow's file.</summary>
internal static class FlowKeys
{
    public static readonly Key<string?> Type = Text("jtype");
    public static readonly Key<string?> Version = Text("version");
    public static readonly Key<YamlMapping?> With = Mapping("with");
    public static readonly Key<YamlNode?> Executors = Any("executors", "deployments", "pods");
    public static readonly Key<YamlMapping?> Gateway = Mapping("gateway");
    public static readonly Key<YamlNode?> OnStart = Any("on_start");
    public static readonly Key<string?> Name = Text("name");
    public static readonly Key<string?> Workspace = FilePath("workspace");
    public static readonly Key<IReadOnlyDictionary<string, string>> Env = TextMap("env");

    public static readonly Key<string> Inspect = new("inspect", new ChoiceParser("collect", "remove", "hang"), "collect");
    public static readonly Key<bool> Reload = ExecutorKeys.Reload;
    public static readonly Key<YamlMapping?> Hub = Mapping("hub");

    public static readonly KeyTable Table = new([
        Type, Version, With, Executors, Gateway, OnStart, Name, Workspace, Env, Inspect, Reload, Hub,
        .. MonitoringKeys.All.SelectMany(key => Warned("it belongs under 'with:'", key.Name)),
        .. Warned(JinaCloud, "jcloud"),
        .. Warned(Python, "py_modules", "extra_search_paths"),
        .. Refused(JinaOne, "metas"),
    ]);

    /// <summary>The keys of <c>with:</c>: the flow's own, the gateway's, and what every executor inherits.</summary>
    public static readonly KeyTable WithTable = new([
        Name, Workspace, Env, Inspect, Reload, Hub, .. ExecutorKeys.Inherited,
        WarnedFlag("asyncio", "it is about Python's clients"),
        WarnedFlag("show_progress", "'flowkit post' shows how far it is"),
        .. Later("a flow made of another; write it as an entry's 'uses'", "uses"),
        .. Later("unpacked arguments", "args", "kwargs"),
        .. GatewayKeys.Table.Keys, .. ExecutorKeys.Others,
    ]);
}
