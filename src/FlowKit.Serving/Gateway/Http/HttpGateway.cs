using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using FlowKit.Components;
using FlowKit.Configuration.Gateway;
using FlowKit.Runtime;
using FlowKit.Runtime.Channels;
using FlowKit.Runtime.Executors;
using FlowKit.Serving.Dispatch;
using FlowKit.Serving.Gateway.Security;
using FlowKit.Wire;
using FlowKit.Wire.Grpc.Jina;
using FlowKit.Wire.Json;
using FlowKit.Wire.Proto;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace FlowKit.Serving.Gateway.Http;

/// <summary>Turns an HTTP request into a <see cref="FlowRequest"/> and its reply into Jina's JSON.</summary>
internal sealed class HttpGateway(FlowRuntime flow, FlowDispatcher dispatcher, GatewayConfig config) : IFlowProtocol
{
    private const int FirstReply = 4096;

    private readonly DocArrayDialect _dialect =
        JinaDocumentMethods.DialectOf(config.DocArrayVersion) ?? DocArrayDialect.V1;

    private readonly long _started = Stopwatch.GetTimestamp();

    /// <summary>Returns what answers a route.</summary>
    /// <param name="route">The route; <see langword="null"/> for <c>/post</c>, where the body names the endpoint.</param>
    public RequestDelegate HandlerOf(FlowRoute? route) => route is { IsBodyOptional: true }
        ? context => AnswerAsync(context, route.Endpoint, HasBody(context) ? ReadAsync : ReadNothing)
        : context => AnswerAsync(context, route?.Endpoint, ReadAsync);

    private JsonWireOptions Usual => _dialect == DocArrayDialect.V2 ? JsonWireOptions.JinaV2 : JsonWireOptions.Jina;

    /// <summary>
    /// Answers a path that is the name of an endpoint, as Jina's gateway with DocArray v2: documents that are posted, or one document that
    /// is streamed, which stands in the body or in the query.
    /// </summary>
    public Task EndpointAsync(HttpContext context)
    {
        var endpoint = context.Request.Path.Value ?? "";
        if (!flow.Endpoints.ContainsKey(endpoint) || endpoint == RequestsAttribute.Default)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }

        context.Items[typeof(FlowRoute)] = endpoint;
        var streams = HttpMethods.IsGet(context.Request.Method) || EventStream.IsWanted(context.Request);
        return AnswerAsync(context, endpoint, streams ? ReadOneAsync : ReadAsync, streams);
    }

    /// <summary>A client that streams sends the document itself; the usual envelope is taken as well.</summary>
    private async Task<DataRequest> ReadOneAsync(HttpContext context, AdmissionPermit permit, TimeSpan? limit)
    {
        using var body = HasBody(context)
            ? await RequestBody.ReadWholeAsync(context.Request, permit, context.RequestAborted)
            : new PooledBuffer(1);
        if (body.Written.Length == 0)
        {
            var fields = new JsonObject(context.Request.Query.Select(
                pair => KeyValuePair.Create(pair.Key, (JsonNode?)JsonValue.Create(pair.Value.ToString()))));
            return new DataRequest { Documents = [DataRequestJsonReader.ReadDocument(Encoding.UTF8.GetBytes(fields.ToJsonString()))] };
        }

        var json = RequestBody.WithoutMark(body.Written);
        return JsonEnvelope.IsIn(json.Span)
            ? RequestBody.Parse(json.Span, permit, _dialect)
            : new DataRequest { Documents = [DataRequestJsonReader.ReadDocument(json.Span)] };
    }

    private static Task<DataRequest> ReadNothing(HttpContext context, AdmissionPermit permit, TimeSpan? limit) =>
        Task.FromResult(new DataRequest());

    private static bool HasBody(HttpContext context) => context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody ?? true;

    private async Task AnswerAsync(
        HttpContext context, string? endpoint, Func<HttpContext, AdmissionPermit, TimeSpan?, Task<DataRequest>> read, bool streams = false)
    {
        var arrived = Stopwatch.GetTimestamp();
        var options = ReplyOptions.Read(context.Request, Usual);
        var headers = CallHeaders.Read(context.Request);
        if (!flow.TryAdmit(out var permit, out var refusal))
        {
            await WriteAsync(context, new DataRequest { ExecEndpoint = endpoint ?? "" }, new FlowResponse([], refusal, [], null), options);
            return;
        }

        using var place = permit;
        var limit = headers.Timeout ?? flow.TimeoutSend;
        var request = await read(context, permit, limit);
        request.ExecEndpoint = endpoint ?? request.ExecEndpoint;
        var call = dispatcher.RequestOf(request, Caller.Of(context), headers.Priority, limit - Stopwatch.GetElapsedTime(arrived));
        if (dispatcher.IsQueued(call.Endpoint))
        {
            request.RequestId = CallHeaders.ReadId(context.Request);
            await SendAsync(context, request, call, permit, options, isQueued: true);
            return;
        }

        await ((streams || EventStream.IsWanted(context.Request)) && dispatcher.Takes(call.Endpoint)
            ? StreamAsync(context, request, call, permit, options)
            : SendAsync(context, request, call, permit, options));
    }

    /// <summary>The time that the body takes counts: who sends slowly must not hold a place for longer than the request may take.</summary>
    private async Task<DataRequest> ReadAsync(HttpContext context, AdmissionPermit permit, TimeSpan? limit)
    {
        if (limit is not { } time)
        {
            return await RequestBody.ReadAsync(
                context.Request, permit, _dialect, config.MaxRequestBytes, context.RequestAborted);
        }

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        patience.CancelAfter(time);
        try
        {
            return await RequestBody.ReadAsync(context.Request, permit, _dialect, config.MaxRequestBytes, patience.Token);
        }
        catch (OperationCanceledException exception) when (!context.RequestAborted.IsCancellationRequested)
        {
            throw new FlowKitException(FlowErrorCode.DeadlineExceeded, "The deadline passed before the body had come.", exception);
        }
    }

    private async Task SendAsync(
        HttpContext context, DataRequest request, FlowRequest call, AdmissionPermit permit, JsonWireOptions options, bool isQueued = false)
    {
        var reply = await dispatcher.SendAsync(request, call, permit, context.RequestAborted);
        await WriteAsync(context, request, reply, options, permit, isQueued && reply.Error is null);
    }

    private async Task StreamAsync(
        HttpContext context, DataRequest request, FlowRequest call, AdmissionPermit permit, JsonWireOptions options)
    {
        using var events = new EventStream(context.Response, options, permit);
        var error = await events.WriteAsync(flow.StreamAsync(call, permit, context.RequestAborted), context.RequestAborted);
        dispatcher.Note(call, error);
        if (error is not null && !context.Response.HasStarted)
        {
            await WriteAsync(context, request, new FlowResponse([], error, [], null), options);
        }
    }

    /// <summary>Answers <c>/dry_run</c>: always 200, the code inside, as Jina does.</summary>
    public async Task DryRunAsync(HttpContext context)
    {
        var reply = await flow.SendAsync(new FlowRequest(EndpointTable.DryRun, [new Document()]), context.RequestAborted);
        context.Response.ContentType = "application/json";
        DataRequestJsonWriter.WriteStatus(
            context.Response.BodyWriter, reply.Error is null ? new WireStatus(0, "") : WireStatus.Of(reply.Error));
        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
    }

    /// <summary>Answers <c>/status</c>: Jina's two maps and what is happening now.</summary>
    public Task StatusAsync(HttpContext context) => context.Response.WriteAsJsonAsync(
        new JsonObject
        {
            ["jina"] = new JsonObject
            {
                ["flowkit"] = typeof(HttpGateway).Assembly.GetName().Version!.ToString(3),
                ["dotnet"] = Environment.Version.ToString(),
                ["platform"] = Environment.OSVersion.Platform.ToString(),
                ["architecture"] = System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture.ToString(),
                ["uptime"] = Stopwatch.GetElapsedTime(_started).ToString("c", CultureInfo.InvariantCulture),
            },
            ["envs"] = new JsonObject(),
            ["flow"] = new JsonObject
            {
                ["in_flight"] = flow.InFlight,
                ["memory"] = new JsonObject
                {
                    ["limit"] = flow.Memory.Limit,
                    ["used"] = flow.Memory.Used,
                    ["refused"] = flow.Memory.Refused,
                },
                ["queues"] = new JsonObject(flow.QueueDepths.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value))),
                ["load"] = LoadOf(flow.Health),
                ["endpoints"] = new JsonObject(
                    flow.Endpoints.Select(
                        pair => KeyValuePair.Create(pair.Key, (JsonNode?)new JsonArray([.. pair.Value.Select(name => (JsonNode?)name)])))),
            },
        },
        context.RequestAborted);

    /// <summary>The load by which replicas are scaled; of shards that of the one that has most to do.</summary>
    private static JsonObject LoadOf(IEnumerable<PoolHealth> pools) => new(
        pools.GroupBy(pool => pool.Executor, StringComparer.Ordinal).Select(shards => KeyValuePair.Create(
            shards.Key,
            (JsonNode?)new JsonObject
            {
                ["in_flight"] = Math.Round(shards.Max(pool => pool.InFlight), 2),
                ["oldest_wait_ms"] = Math.Round(shards.Max(pool => pool.OldestWait).TotalMilliseconds, 1),
            })));

    /// <summary>
    /// A large reply keeps its place until a slow reader has taken it. A small one gives it back first, since its caller may ask again
    /// before this method has ended.
    /// </summary>
    private static async Task WriteAsync(
        HttpContext context,
        DataRequest request,
        FlowResponse reply,
        JsonWireOptions options,
        AdmissionPermit? permit = null,
        bool isStored = false)
    {
        using var buffer = new PooledBuffer(FirstReply, permit, "The reply");
        if (context.Items.ContainsKey(typeof(FlowRoute)) && reply.Error is { Executor: not null } error && FlowDispatcher.IsAnswer(error))
        {
            await HttpErrors.WriteExecutorErrorAsync(context, error);
            return;
        }

        WriteReply(buffer, FlowDispatcher.Answer(request, reply, isStored ? request.RequestId : null), options);
        if (buffer.Written.Length <= RequestWeight.SmallReply)
        {
            permit?.Dispose();
        }

        HttpErrors.SayWhenToComeAgain(context.Response, reply.Error);
        context.Response.StatusCode = isStored ? StatusCodes.Status202Accepted : HttpErrors.StatusOf(reply.Error);
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = buffer.Written.Length;
        await ReplyPieces.WriteAsync(context.Response, buffer.Written, context.RequestAborted);
    }

    private static void WriteReply(PooledBuffer buffer, DataRequest reply, JsonWireOptions options)
    {
        try
        {
            JsonReply.Write(reply, written => DataRequestJsonWriter.WriteReply(buffer, written, options), buffer.Clear);
        }
        catch (FlowKitException exception) when (exception.Error.Code != FlowErrorCode.Internal && reply.Documents.Count > 0)
        {
            // The request was not too large, what it asks for is.
            var message = $"{exception.Message} Its documents hold {ContentSize.Of(reply.Documents)} bytes.";
            throw new FlowKitException(
                exception.Error with { Code = FlowErrorCode.ResourceExhausted, Message = message }, exception);
        }
    }
}
