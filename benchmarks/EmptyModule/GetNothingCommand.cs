using System.Management.Automation;

namespace EmptyModule;

/// <summary>The minimum that makes an assembly a module: the cost of an import without any content.</summary>
[Cmdlet(VerbsCommon.Get, "Nothing")]
public sealed class GetNothingCommand : PSCmdlet { }
