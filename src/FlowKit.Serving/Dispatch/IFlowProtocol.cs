namespace FlowKit.Serving.Dispatch;

/// <summary>
/// Marks the class by which a protocol reaches a flow: it makes requests of what a peer sends, hands them to <see cref="FlowDispatcher"/>
/// (or, for one executor, to its worker's calls), and writes the answers. Every one of them passes the conformance suite of protocols.
/// </summary>
internal interface IFlowProtocol;
