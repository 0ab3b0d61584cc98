using System.Diagnostics;
using FlowKit.Components;

namespace FlowKit.Runtime.Executors.Calls;

/// <summary>A call of an executor under way.</summary>
/// <param name="Replica">Who works.</param>
/// <param name="Item">On what.</param>
/// <param name="Method">By which method.</param>
/// <param name="Healthy">What of the item's documents it was given.</param>
/// <param name="Activity">The call in a trace, where someone listens.</param>
/// <param name="Start">When it began.</param>
internal readonly record struct ActiveCall(
    Replica Replica, WorkItem Item, EndpointMethod Method, HealthyDocuments Healthy, Activity? Activity, long Start);
