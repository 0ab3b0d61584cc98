using System.Linq.Expressions;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace FlowKit.Components;

/// <summary>A method of an executor bound to endpoints, compiled once to a delegate.</summary>
public sealed class EndpointMethod
{
    private readonly Func<Executor, DocumentArray, Parameters, CancellationToken, ValueTask<object?>> _call;

    private EndpointMethod(MethodInfo method, Func<Executor, DocumentArray, Parameters, CancellationToken, ValueTask<object?>> call)
    {
        Name = method.Name;
        _call = call;
    }

    /// <summary>The method's name, as <c>uses_requests</c> writes it.</summary>
    public string Name { get; }

    /// <summary>Binds a method.</summary>
    /// <param name="method">A public method of an executor; one that needs nothing of it may be static.</param>
    /// <exception cref="FlowKitException">A parameter is of a kind that FlowKit cannot give.</exception>
    public static EndpointMethod Bind(MethodInfo method)
    {
        ArgumentNullException.ThrowIfNull(method);
        if (method.ContainsGenericParameters)
        {
            throw new FlowKitException(FlowErrorCode.FailedPrecondition, $"{method.DeclaringType!.Name}.{method.Name}: a method with [Requests] has no type parameters.");
        }

        var executor = Expression.Parameter(typeof(Executor));
        var documents = Expression.Parameter(typeof(DocumentArray));
        var parameters = Expression.Parameter(typeof(Parameters));
        var cancellation = Expression.Parameter(typeof(CancellationToken));
        var arguments = method.GetParameters().Select(parameter => Argument(method, parameter, documents, parameters, cancellation));
        var call = Expression.Call(method.IsStatic ? null : Expression.Convert(executor, method.DeclaringType!), method, arguments);
        var lambda = Expression.Lambda<Func<Executor, DocumentArray, Parameters, CancellationToken, ValueTask<object?>>>(
            Adapt(call), executor, documents, parameters, cancellation);
        return new EndpointMethod(method, lambda.Compile());
    }

    /// <summary>Calls the method.</summary>
    /// <returns>Nothing, replaced documents, or a result to report.</returns>
    /// <param name="executor">The instance.</param>
    /// <param name="documents">The documents.</param>
    /// <param name="parameters">What is said beside them.</param>
    /// <param name="cancellationToken">Ends when nobody waits any more.</param>
    public ValueTask<object?> InvokeAsync(Executor executor, DocumentArray documents, Parameters parameters, CancellationToken cancellationToken) =>
        _call(executor, documents, parameters, cancellationToken);

    /// <summary>A reported result as JSON of its own: an executor may keep and report the same object again.</summary>
    /// <param name="result">Any object.</param>
    internal static JsonNode? ToJson(object result) =>
        result is JsonNode node ? node.DeepClone() : JsonSerializer.SerializeToNode(result, result.GetType(), Parameters.ReadOptions);

    private static Expression Argument(MethodInfo method, ParameterInfo parameter, Expression documents, Expression parameters, Expression cancellation)
    {
        var type = parameter.ParameterType;
        if (type == typeof(DocumentArray))
        {
            return documents;
        }

        if (type == typeof(CancellationToken))
        {
            return cancellation;
        }

        if (type == typeof(Parameters))
        {
            return parameters;
        }

        if (type is { IsClass: true, IsByRef: false, IsPointer: false, IsArray: false } && type != typeof(string) && !typeof(System.Collections.IEnumerable).IsAssignableFrom(type))
        {
            return Expression.Convert(Expression.Call(parameters, nameof(Parameters.Bind), null, Expression.Constant(type)), type);
        }

        throw new FlowKitException(
            FlowErrorCode.FailedPrecondition,
            $"{method.DeclaringType!.Name}.{method.Name}: the parameter '{parameter.Name}' is a {type.Name}; a method with [Requests] takes DocumentArray, Parameters or a class bound from them, and CancellationToken.");
    }

    private static Expression Adapt(MethodCallExpression call)
    {
        var type = call.Type;
        if (type == typeof(void))
        {
            return Expression.Block(call, Expression.Default(typeof(ValueTask<object?>)));
        }

        var generic = type.IsGenericType ? type.GetGenericTypeDefinition() : null;
        var (name, arguments) =
            type == typeof(Task) ? (nameof(AwaitTask), Type.EmptyTypes)
            : type == typeof(ValueTask) ? (nameof(AwaitValueTask), Type.EmptyTypes)
            : generic == typeof(Task<>) ? (nameof(AwaitTaskOf), type.GetGenericArguments())
            : generic == typeof(ValueTask<>) ? (nameof(AwaitValueTaskOf), type.GetGenericArguments())
            : (nameof(Return), Type.EmptyTypes);
        Expression argument = name == nameof(Return) ? Expression.Convert(call, typeof(object)) : call;
        return Expression.Call(typeof(EndpointMethod), name, arguments, argument);
    }

    private static ValueTask<object?> Return(object? result) => new(result);

    private static async ValueTask<object?> AwaitTask(Task task)
    {
        await task;
        return null;
    }

    private static async ValueTask<object?> AwaitValueTask(ValueTask task)
    {
        await task;
        return null;
    }

    private static async ValueTask<object?> AwaitTaskOf<T>(Task<T> task) => await task;

    private static async ValueTask<object?> AwaitValueTaskOf<T>(ValueTask<T> task) => await task;
}
