using FlowKit.Components;

namespace FlowKit.Runtime;

/// <summary>One running instance of an executor with its bound methods.</summary>
internal sealed record ExecutorReplica(Executor Executor, EndpointTable Endpoints);
