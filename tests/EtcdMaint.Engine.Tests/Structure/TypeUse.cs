using System.Reflection;
using System.Reflection.Emit;

namespace EtcdMaint.Engine.Tests.Structure;

/// <summary>
/// One use of a type by another, from the compiled assembly: in signatures, fields, local variables and instructions.
/// </summary>
internal sealed record TypeUse(Type User, Type Used)
{
    private const BindingFlags Own =
        BindingFlags.Public
        | BindingFlags.NonPublic
        | BindingFlags.Instance
        | BindingFlags.Static
        | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<short, OpCode> OpCodes = typeof(OpCodes)
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!)
        .ToDictionary(code => code.Value);

    public static IEnumerable<TypeUse> Find(IEnumerable<Type> types) =>
        types.SelectMany(user =>
            TypesOf(user)
                .SelectMany(Parts)
                .Distinct()
                .Where(used => used != user)
                .Select(used => new TypeUse(user, used))
        );

    private static IEnumerable<Type?> TypesOf(Type type)
    {
        IEnumerable<Type?> declared =
        [
            type.BaseType,
            .. type.GetInterfaces(),
            .. type.GetFields(Own).Select(field => field.FieldType),
            .. type.GetProperties(Own).Select(property => property.PropertyType),
        ];
        return declared
            .Concat(type.GetMethods(Own).SelectMany(method => TypesOf(method).Append(method.ReturnType)))
            .Concat(type.GetConstructors(Own).SelectMany(TypesOf));
    }

    private static IEnumerable<Type?> TypesOf(MethodBase method) =>
        method
            .GetParameters()
            .Select(parameter => parameter.ParameterType)
            .Concat(
                method.GetMethodBody() is { } body
                    ? body
                        .LocalVariables.Select(local => local.LocalType)
                        .Concat(TypesInCode(method, body.GetILAsByteArray()!))
                    : []
            );

    private static IEnumerable<Type?> TypesInCode(MethodBase method, byte[] code)
    {
        for (int at = 0; at < code.Length; )
        {
            short value = code[at++];
            if (value == 0xFE)
                value = unchecked((short)(0xFE00 | code[at++]));
            OpCode instruction = OpCodes[value];
            if (
                instruction.OperandType
                is OperandType.InlineMethod
                    or OperandType.InlineField
                    or OperandType.InlineType
                    or OperandType.InlineTok
            )
                foreach (Type? used in Resolve(method, BitConverter.ToInt32(code, at)))
                    yield return used;
            at += Length(instruction.OperandType, code, at);
        }
    }

    private static IEnumerable<Type?> Resolve(MethodBase method, int token)
    {
        Type[]? ofType = method.DeclaringType!.IsGenericType ? method.DeclaringType.GetGenericArguments() : null;
        Type[]? ofMethod = method.IsGenericMethod ? method.GetGenericArguments() : null;
        return method.Module.ResolveMember(token, ofType, ofMethod) switch
        {
            Type type => [type],
            MethodInfo called => [called.DeclaringType, .. called.IsGenericMethod ? called.GetGenericArguments() : []],
            { } member => [member.DeclaringType],
            null => [],
        };
    }

    private static int Length(OperandType operand, byte[] code, int at) =>
        operand switch
        {
            OperandType.InlineNone => 0,
            OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
            OperandType.InlineVar => 2,
            OperandType.InlineI8 or OperandType.InlineR => 8,
            OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(code, at)),
            _ => 4,
        };

    private static IEnumerable<Type> Parts(Type? type) =>
        type switch
        {
            null or { IsGenericParameter: true } => [],
            { HasElementType: true } => Parts(type.GetElementType()),
            { IsGenericType: true } =>
            [
                type.GetGenericTypeDefinition(),
                .. type.GetGenericArguments().SelectMany(Parts),
            ],
            _ => [type],
        };
}
