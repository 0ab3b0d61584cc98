using System.Linq.Expressions;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using FlowKit.Components.Launching;
using FlowKit.Components.Typed;

namespace FlowKit.Components;

/// <summary>A method of an executor bound to endpoints, compiled once to a delegate.</summary>
public sealed class EndpointMethod
{
    private readonly Func<Executor, ExecutorCall, ValueTask<object?>> _call;
    private readonly Lazy<IReadOnlySet<string>?> _knownParameters;

    private EndpointMethod(MethodInfo method, Func<Executor, ExecutorCall, ValueTask<object?>> call)
    {
        Name = method.Name;
        Method = method;
        ParametersType = method.GetParameters()
            .Where(parameter => !IsService(parameter))
            .Select(parameter => Components.KnownParameters.DeclaredBy(parameter) ?? parameter.ParameterType)
            .FirstOrDefault(IsBound);

        // The serializer looks at the class with the first request that has parameters, not at every start.
        _knownParameters = new(() => Components.KnownParameters.Of(method, ParametersType));
        Services = [.. method.GetParameters().Where(IsService)];
        var returned = DocumentTypes.AwaitedOf(method.ReturnType);
        var taken = TypedParameterOf(method);
        InputType = taken is null || taken == typeof(Document) ? null : DocumentTypes.ItemOf(taken) ?? taken;
        OutputType = DocumentTypes.IsDocument(returned) ? returned : DocumentTypes.ItemOf(returned) ?? DocumentTypes.StreamedBy(returned);
        OutputType ??= returned == typeof(void) || returned == typeof(Task) || returned == typeof(ValueTask) ? InputType : null;
        Streams = returned == typeof(IAsyncEnumerable<Document>) || DocumentTypes.StreamedBy(returned) is not null;
        TakesOneDocument = taken is not null && taken == InputType;
        _call = call;
        LetsPass = method.GetParameters().Length == 0
            && (method.ReturnType == typeof(void) || method.ReturnType == typeof(Task) || method.ReturnType == typeof(ValueTask));
        TakesCancellation = method.GetParameters().Any(parameter => parameter.ParameterType == typeof(CancellationToken));
        TakesContext = method.GetParameters().Any(parameter => parameter.ParameterType == typeof(RequestContext));
        Writes = method.GetCustomAttribute<WriteAttribute>() is not null;
        Batching = method.GetCustomAttribute<DynamicBatchingAttribute>();
        Cost = Batching?.CustomMetric is { } metric ? BindMetric(method, metric) : null;
    }

    private EndpointMethod(EndpointMethod method, Func<Executor, ExecutorCall, ValueTask<object?>> call)
    {
        (Name, Method, ParametersType, _knownParameters, Writes, Batching, Cost) = (
            method.Name, method.Method, method.ParametersType, method._knownParameters, method.Writes, method.Batching, method.Cost);
        (TakesCancellation, TakesContext, LetsPass) = (true, true, method.LetsPass);
        (InputType, OutputType, Streams, TakesOneDocument) = (
            method.InputType, method.OutputType, method.Streams, method.TakesOneDocument);
        _call = call;
    }

    /// <summary>The method's name, as <c>uses_requests</c> writes it.</summary>
    public string Name { get; }

    /// <summary>The method.</summary>
    public MethodInfo Method { get; }

    /// <summary>The class that it has the parameters bound to, or that it declares; <see langword="null"/> when there is none.</summary>
    public Type? ParametersType { get; }

    /// <summary>The names of a request's parameters that it reads; <see langword="null"/> when it may read any.</summary>
    internal IReadOnlySet<string>? KnownParameters => _knownParameters.Value;

    /// <summary>Tells whether it takes nothing and returns nothing: requests only pass by it, unlike at the executor's default.</summary>
    internal bool LetsPass { get; }

    /// <summary>The parameters that are services, resolved in a scope of each call.</summary>
    internal IReadOnlyList<ParameterInfo> Services { get; } = [];

    /// <summary>The type of the documents that it takes; <see langword="null"/> for <see cref="Document"/>.</summary>
    internal Type? InputType { get; }

    /// <summary>The type of the documents that it gives; <see langword="null"/> for <see cref="Document"/>.</summary>
    internal Type? OutputType { get; }

    /// <summary>Tells whether it returns a stream.</summary>
    internal bool Streams { get; }

    /// <summary>Tells whether it is called with one typed document after another.</summary>
    internal bool TakesOneDocument { get; }

    /// <summary>Tells whether it asks for a token, so that one must be made.</summary>
    public bool TakesCancellation { get; }

    /// <summary>Tells whether it asks what is known of the request.</summary>
    public bool TakesContext { get; }

    /// <summary>Tells whether it changes the executor's state.</summary>
    public bool Writes { get; }

    /// <summary>Tells what the method itself says of batches.</summary>
    public DynamicBatchingAttribute? Batching { get; }

    /// <summary>The amount that a document counts in a batch; <see langword="null"/> for 1 each.</summary>
    public Func<Document, int>? Cost { get; }

    /// <summary>Binds a method.</summary>
    /// <param name="method">A public method of an executor; one that needs nothing of it may be static.</param>
    /// <exception cref="FlowKitException">A parameter is of a kind that FlowKit cannot give.</exception>
    public static EndpointMethod Bind(MethodInfo method)
    {
        ArgumentNullException.ThrowIfNull(method);
        if (method.ContainsGenericParameters)
        {
            throw new FlowKitException(
                FlowErrorCode.FailedPrecondition,
                $"{method.DeclaringType!.Name}.{method.Name}: a method with [Requests] has no type parameters.");
        }

        var executor = Expression.Parameter(typeof(Executor));
        var given = Expression.Parameter(typeof(ExecutorCall));
        var services = Expression.Parameter(typeof(IServiceProvider));
        var arguments = method.GetParameters()
            .Select(parameter => IsService(parameter) ? CallScope.Argument(parameter, services) : Argument(method, parameter, given));
        var call = ReturnAdapter.Adapt(
            Expression.Call(method.IsStatic ? null : Expression.Convert(executor, method.DeclaringType!), method, arguments));
        Func<Executor, ExecutorCall, ValueTask<object?>> compiled = method.GetParameters().Any(IsService)
            ? new CallScope(
                Expression.Lambda<Func<Executor, ExecutorCall, IServiceProvider, ValueTask<object?>>>(call, executor, given, services)
                    .Compile()).InvokeAsync
            : Expression.Lambda<Func<Executor, ExecutorCall, ValueTask<object?>>>(call, executor, given).Compile();
        return new EndpointMethod(
            method,
            TypedParameterOf(method) is { } typed
                ? new TypedCall(typed, DocumentTypes.ItemOf(typed) ?? typed, compiled).InvokeAsync
                : compiled);
    }

    /// <summary>Calls the method.</summary>
    /// <returns>Nothing, replaced documents, a stream of documents, or a result to report.</returns>
    /// <param name="executor">The instance.</param>
    /// <param name="call">What it is given.</param>
    public ValueTask<object?> InvokeAsync(Executor executor, in ExecutorCall call) => _call(executor, call);

    /// <summary>The same method where the executor runs elsewhere: whatever stands for it here is asked.</summary>
    internal EndpointMethod Forwarded() => new(
        this,
        (executor, call) => ((LaunchedExecutor)executor).StreamAsync(call, Streams) is { } stream
            ? new ValueTask<object?>(stream)
            : ((LaunchedExecutor)executor).InvokeAsync(call));

    /// <summary>A reported result as JSON of its own: an executor may keep and report the same object again.</summary>
    /// <param name="result">Any object.</param>
    internal static JsonNode? ToJson(object result) =>
        result is JsonNode node
            ? node.DeepClone()
            : JsonSerializer.SerializeToNode(result, result.GetType(), Parameters.Json.For(result.GetType()));

    private static Expression Argument(MethodInfo method, ParameterInfo parameter, Expression call)
    {
        var type = parameter.ParameterType;
        if (Given(type) is { } name)
        {
            return Expression.Property(call, name);
        }

        if (IsTyped(type))
        {
            return Expression.Convert(Expression.Property(call, nameof(ExecutorCall.Typed)), type);
        }

        if (IsBound(type))
        {
            var parameters = Expression.Property(call, nameof(ExecutorCall.Parameters));
            return Expression.Convert(Expression.Call(parameters, nameof(Parameters.Bind), null, Expression.Constant(type)), type);
        }

        throw new FlowKitException(
            FlowErrorCode.FailedPrecondition,
            $"{method.DeclaringType!.Name}.{method.Name}: the parameter '{parameter.Name}' is a {type.Name}; a method with [Requests] "
                + $"takes DocumentArray, one Document, a typed document or a DocList of them, Parameters or a class bound from them, "
                + $"IReadOnlyList<DocumentArray>, "
                + $"IReadOnlyDictionary<string, DocumentArray>, RequestContext and CancellationToken, "
                + $"and services marked with [FromServices].");
    }

    /// <summary>The part of the call that a parameter of a type is given.</summary>
    private static string? Given(Type type)
    {
        if (type == typeof(DocumentArray))
        {
            return nameof(ExecutorCall.Documents);
        }

        if (type == typeof(CancellationToken))
        {
            return nameof(ExecutorCall.CancellationToken);
        }

        if (type == typeof(RequestContext))
        {
            return nameof(ExecutorCall.Request);
        }

        if (type == typeof(Parameters))
        {
            return nameof(ExecutorCall.Parameters);
        }

        if (type == typeof(IReadOnlyList<DocumentArray>))
        {
            return nameof(ExecutorCall.Matrix);
        }

        if (type == typeof(IReadOnlyDictionary<string, DocumentArray>))
        {
            return nameof(ExecutorCall.Map);
        }

        return null;
    }

    private static bool IsService(ParameterInfo parameter) =>
        parameter.IsDefined(typeof(FromServicesAttribute)) || ExecutorServices.KeyOf(parameter) is not null;

    private static bool IsTyped(Type type) =>
        type == typeof(Document) || DocumentTypes.IsDocument(type) || DocumentTypes.ItemOf(type) is not null;

    private static Type? TypedParameterOf(MethodInfo method) => method.GetParameters()
        .Where(parameter => !IsService(parameter))
        .Select(parameter => parameter.ParameterType)
        .FirstOrDefault(IsTyped);

    /// <summary>
    /// Tells whether a type is a class of parameters. FlowKit's own types are none: whoever asks for one means something else.
    /// </summary>
    private static bool IsBound(Type type) =>
        !IsTyped(type) && Given(type) is null && type is { IsClass: true, IsByRef: false, IsPointer: false, IsArray: false }
        && type != typeof(string) && type.Assembly != typeof(Document).Assembly
        && !typeof(System.Collections.IEnumerable).IsAssignableFrom(type);

    private static Func<Document, int> BindMetric(MethodInfo method, string name) =>
        method.DeclaringType!.GetMethod(name, BindingFlags.Public | BindingFlags.Static, [typeof(Document)]) is { } metric
            && metric.ReturnType == typeof(int)
            ? metric.CreateDelegate<Func<Document, int>>()
            : throw new FlowKitException(
                FlowErrorCode.FailedPrecondition,
                $"{method.DeclaringType!.Name}.{method.Name}: CustomMetric names '{name}'; expected 'public static int "
                    + $"{name}(Document document)'.");
}
