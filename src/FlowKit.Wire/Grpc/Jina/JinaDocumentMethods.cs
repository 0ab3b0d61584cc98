using FlowKit.Wire.Proto;
using Grpc.Core;

namespace FlowKit.Wire.Grpc.Jina;

/// <summary>The methods of Jina's wire that carry documents, in one of DocArray's dialects or in whichever a message is.</summary>
internal sealed class JinaDocumentMethods
{
    /// <summary>The service of methods that Jina does not have.</summary>
    public const string OwnService = "flowkit.Worker";

    private static readonly JinaDocumentMethods s_any = new(null);
    private static readonly JinaDocumentMethods s_v1 = new(DocArrayDialect.V1);
    private static readonly JinaDocumentMethods s_v2 = new(DocArrayDialect.V2);
    private static readonly JinaDocumentMethods s_passedOn1 = new(DocArrayDialect.V1, static () => true);
    private static readonly JinaDocumentMethods s_passedOn2 = new(DocArrayDialect.V2, static () => true);

    /// <param name="dialect">The dialect; <see langword="null"/> for the one of each message.</param>
    /// <param name="isLazy">Whether the documents of a message stay as they came until somebody asks for them.</param>
    public JinaDocumentMethods(DocArrayDialect? dialect, Func<bool>? isLazy = null)
    {
        var data = new DataRequestMarshaller(isLazy, dialect);
        var parts = new DataRequestListMarshaller(dialect);
        var document = new SingleDocumentMarshaller(dialect);
        var (request, reply) = (data.ForRequests(), data.ForReplies());
        Call = new(MethodType.DuplexStreaming, "jina.JinaRPC", "Call", request, reply);
        ProcessSingleData = new(MethodType.Unary, "jina.JinaSingleDataRequestRPC", "process_single_data", request, reply);
        ProcessData = new(MethodType.Unary, "jina.JinaDataRequestRPC", "process_data", parts.ForRequests(), reply);
        StreamDoc = new(
            MethodType.ServerStreaming, "jina.JinaSingleDocumentRequestRPC", "stream_doc", document.ForRequests(), document.ForReplies());
        StreamData = new(MethodType.ServerStreaming, OwnService, "stream_data", request, document.ForReplies());
    }

    /// <summary>Requests and replies as streams.</summary>
    public Method<JinaMessage, JinaMessage> Call { get; }

    /// <summary>Answers a request with a reply.</summary>
    public Method<JinaMessage, JinaMessage> ProcessSingleData { get; }

    /// <summary>The parts of one request from several executors, one reply.</summary>
    public Method<JinaMessageList, JinaMessage> ProcessData { get; }

    /// <summary>Answers a document with a stream of them.</summary>
    public Method<JinaMessage, JinaMessage> StreamDoc { get; }

    /// <summary>
    /// Answers a request of any number of documents with a stream of them: FlowKit's own, between a flow and its processes.
    /// </summary>
    public Method<JinaMessage, JinaMessage> StreamData { get; }

    /// <summary>The methods of a dialect.</summary>
    /// <param name="dialect">The dialect; <see langword="null"/> for the one of each message.</param>
    public static JinaDocumentMethods Of(DocArrayDialect? dialect) => dialect switch
    {
        null => s_any,
        DocArrayDialect.V1 => s_v1,
        _ => s_v2,
    };

    /// <summary>The methods of a client whose replies may go on as they came.</summary>
    /// <param name="dialect">The dialect.</param>
    public static JinaDocumentMethods PassedOn(DocArrayDialect dialect) => dialect == DocArrayDialect.V1 ? s_passedOn1 : s_passedOn2;

    /// <summary>The dialect of a name in YAML: <c>v1</c> or <c>v2</c>; <see langword="null"/> for any other.</summary>
    /// <param name="name">The name.</param>
    public static DocArrayDialect? DialectOf(string? name) => name switch
    {
        "v1" => DocArrayDialect.V1,
        "v2" => DocArrayDialect.V2,
        _ => null,
    };
}
