//! The kinds of tree-sitter-python's nodes, as an enum.
//!
//! Kinds are found by *name*, once per process: numbers differ between versions of the grammar, and one name may
//! have several of them (aliases). A kind that the grammar has and this list does not is [`Kind::Unknown`].

use std::sync::LazyLock;

use tree_sitter::Language;

macro_rules! kinds {
    (named { $($named:ident = $name:literal,)* } tokens { $($token:ident = $text:literal,)* }) => {
        /// A kind of node or token of the grammar.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        #[repr(u8)]
        pub(crate) enum Kind {
            /// Text that the parser could not place.
            Error,
            /// A kind that this crate does not know.
            Unknown,
            $(#[doc = concat!("`", $name, "`")] $named,)*
            $(#[doc = concat!("`", $text, "`")] $token,)*
        }

        impl Kind {
            fn find(name: &str, named: bool) -> Self {
                if named {
                    match name { $($name => Self::$named,)* "ERROR" => Self::Error, _ => Self::Unknown }
                } else {
                    match name { $($text => Self::$token,)* _ => Self::Unknown }
                }
            }

            /// Its name in the grammar; for a token its text.
            pub(crate) fn name(self) -> &'static str {
                match self {
                    Self::Error => "ERROR",
                    Self::Unknown => "unknown",
                    $(Self::$named => $name,)*
                    $(Self::$token => $text,)*
                }
            }

            /// Whether it is a token without a name: an operator, a bracket or a keyword.
            pub(crate) fn is_token(self) -> bool {
                matches!(self, $(Self::$token)|*)
            }
        }

        #[cfg(test)]
        pub(crate) const NAMED: &[&str] = &[$($name),*];
    };
}

kinds! {
    named {
        AliasedImport = "aliased_import",
        ArgumentList = "argument_list",
        AsPattern = "as_pattern",
        AsPatternTarget = "as_pattern_target",
        AssertStatement = "assert_statement",
        Assignment = "assignment",
        Attribute = "attribute",
        AugmentedAssignment = "augmented_assignment",
        Await = "await",
        BinaryOperator = "binary_operator",
        Block = "block",
        BooleanOperator = "boolean_operator",
        BreakStatement = "break_statement",
        Call = "call",
        CaseClause = "case_clause",
        CasePattern = "case_pattern",
        Chevron = "chevron",
        ClassDefinition = "class_definition",
        ClassPattern = "class_pattern",
        Comment = "comment",
        ComparisonOperator = "comparison_operator",
        ComplexPattern = "complex_pattern",
        ConcatenatedString = "concatenated_string",
        ConditionalExpression = "conditional_expression",
        ConstrainedType = "constrained_type",
        ContinueStatement = "continue_statement",
        DecoratedDefinition = "decorated_definition",
        Decorator = "decorator",
        DefaultParameter = "default_parameter",
        DeleteStatement = "delete_statement",
        DictPattern = "dict_pattern",
        Dictionary = "dictionary",
        DictionaryComprehension = "dictionary_comprehension",
        DictionarySplat = "dictionary_splat",
        DictionarySplatPattern = "dictionary_splat_pattern",
        DottedName = "dotted_name",
        ElifClause = "elif_clause",
        Ellipsis = "ellipsis",
        ElseClause = "else_clause",
        EscapeInterpolation = "escape_interpolation",
        EscapeSequence = "escape_sequence",
        ExceptClause = "except_clause",
        ExecStatement = "exec_statement",
        ExpressionList = "expression_list",
        ExpressionStatement = "expression_statement",
        False = "false",
        FinallyClause = "finally_clause",
        Float = "float",
        ForInClause = "for_in_clause",
        ForStatement = "for_statement",
        FormatExpression = "format_expression",
        FormatSpecifier = "format_specifier",
        FunctionDefinition = "function_definition",
        FutureImportStatement = "future_import_statement",
        GeneratorExpression = "generator_expression",
        GenericType = "generic_type",
        GlobalStatement = "global_statement",
        Identifier = "identifier",
        IfClause = "if_clause",
        IfStatement = "if_statement",
        ImportFromStatement = "import_from_statement",
        ImportPrefix = "import_prefix",
        ImportStatement = "import_statement",
        Integer = "integer",
        Interpolation = "interpolation",
        KeywordArgument = "keyword_argument",
        KeywordPattern = "keyword_pattern",
        KeywordSeparator = "keyword_separator",
        Lambda = "lambda",
        LambdaParameters = "lambda_parameters",
        LineContinuation = "line_continuation",
        List = "list",
        ListComprehension = "list_comprehension",
        ListPattern = "list_pattern",
        ListSplat = "list_splat",
        ListSplatPattern = "list_splat_pattern",
        MatchStatement = "match_statement",
        MemberType = "member_type",
        Module = "module",
        NamedExpression = "named_expression",
        None = "none",
        NonlocalStatement = "nonlocal_statement",
        NotOperator = "not_operator",
        Pair = "pair",
        Parameters = "parameters",
        ParenthesizedExpression = "parenthesized_expression",
        ParenthesizedListSplat = "parenthesized_list_splat",
        PassStatement = "pass_statement",
        PatternList = "pattern_list",
        PositionalSeparator = "positional_separator",
        PrintStatement = "print_statement",
        RaiseStatement = "raise_statement",
        RelativeImport = "relative_import",
        ReturnStatement = "return_statement",
        Set = "set",
        SetComprehension = "set_comprehension",
        Slice = "slice",
        SplatPattern = "splat_pattern",
        SplatType = "splat_type",
        String = "string",
        StringContent = "string_content",
        StringEnd = "string_end",
        StringStart = "string_start",
        Subscript = "subscript",
        True = "true",
        TryStatement = "try_statement",
        Tuple = "tuple",
        TupleExpression = "tuple_expression",
        TuplePattern = "tuple_pattern",
        Type = "type",
        TypeAliasStatement = "type_alias_statement",
        TypeConversion = "type_conversion",
        TypeParameter = "type_parameter",
        TypedDefaultParameter = "typed_default_parameter",
        TypedParameter = "typed_parameter",
        UnaryOperator = "unary_operator",
        UnionPattern = "union_pattern",
        UnionType = "union_type",
        WhileStatement = "while_statement",
        WildcardImport = "wildcard_import",
        WithClause = "with_clause",
        WithItem = "with_item",
        WithStatement = "with_statement",
        Yield = "yield",
    }
    tokens {
        IsNotToken = "is not",
        NotInToken = "not in",
        NotEqual = "!=",
        Percent = "%",
        PercentEqual = "%=",
        Ampersand = "&",
        AmpersandEqual = "&=",
        OpenParen = "(",
        CloseParen = ")",
        Star = "*",
        DoubleStar = "**",
        DoubleStarEqual = "**=",
        StarEqual = "*=",
        Plus = "+",
        PlusEqual = "+=",
        Comma = ",",
        Minus = "-",
        MinusEqual = "-=",
        Arrow = "->",
        Dot = ".",
        Slash = "/",
        DoubleSlash = "//",
        DoubleSlashEqual = "//=",
        SlashEqual = "/=",
        Colon = ":",
        ColonEqual = ":=",
        Semicolon = ";",
        Less = "<",
        LeftShift = "<<",
        LeftShiftEqual = "<<=",
        LessEqual = "<=",
        LessGreater = "<>",
        Equal = "=",
        DoubleEqual = "==",
        Greater = ">",
        GreaterEqual = ">=",
        RightShift = ">>",
        RightShiftEqual = ">>=",
        At = "@",
        AtEqual = "@=",
        OpenBracket = "[",
        Backslash = "\\",
        CloseBracket = "]",
        Caret = "^",
        CaretEqual = "^=",
        Underscore = "_",
        FutureToken = "__future__",
        AndToken = "and",
        AsToken = "as",
        AssertToken = "assert",
        AsyncToken = "async",
        AwaitToken = "await",
        BreakToken = "break",
        CaseToken = "case",
        ClassToken = "class",
        ContinueToken = "continue",
        DefToken = "def",
        DelToken = "del",
        ElifToken = "elif",
        ElseToken = "else",
        ExceptToken = "except",
        ExecToken = "exec",
        FinallyToken = "finally",
        ForToken = "for",
        FromToken = "from",
        GlobalToken = "global",
        IfToken = "if",
        ImportToken = "import",
        InToken = "in",
        IsToken = "is",
        LambdaToken = "lambda",
        MatchToken = "match",
        NonlocalToken = "nonlocal",
        NotToken = "not",
        OrToken = "or",
        PassToken = "pass",
        PrintToken = "print",
        RaiseToken = "raise",
        ReturnToken = "return",
        TryToken = "try",
        TypeToken = "type",
        WhileToken = "while",
        WithToken = "with",
        YieldToken = "yield",
        OpenBrace = "{",
        Pipe = "|",
        PipeEqual = "|=",
        CloseBrace = "}",
        Tilde = "~",
    }
}

impl Kind {
    /// Whether nothing below a node of this kind is of interest: the rebuilder reads its text.
    pub(crate) fn is_leaf(self) -> bool {
        self.is_token()
            || matches!(
                self,
                Self::Unknown
                    | Self::DottedName
                    | Self::Ellipsis
                    | Self::False
                    | Self::Float
                    | Self::Identifier
                    | Self::ImportPrefix
                    | Self::Integer
                    | Self::KeywordSeparator
                    | Self::None
                    | Self::PassStatement
                    | Self::BreakStatement
                    | Self::ContinueStatement
                    | Self::PositionalSeparator
                    | Self::StringContent
                    | Self::StringEnd
                    | Self::StringStart
                    | Self::True
                    | Self::TypeConversion
                    | Self::WildcardImport
            )
    }

    /// Whether it is white space to the grammar.
    pub(crate) fn is_trivia(self) -> bool {
        matches!(self, Self::Comment | Self::LineContinuation)
    }
}

/// The kinds of a grammar by their number.
pub(crate) struct KindTable {
    kinds: Box<[Kind]>,
}

impl KindTable {
    /// The table of tree-sitter-python.
    pub(crate) fn python() -> &'static Self {
        static TABLE: LazyLock<KindTable> =
            LazyLock::new(|| KindTable::new(&Language::new(tree_sitter_python::LANGUAGE)));
        &TABLE
    }

    fn new(language: &Language) -> Self {
        let count = u16::try_from(language.node_kind_count()).unwrap_or(u16::MAX);
        let kind = |id| {
            let name = language.node_kind_for_id(id).unwrap_or_default();
            Kind::find(name, language.node_kind_is_named(id))
        };
        Self { kinds: (0..count).map(kind).collect() }
    }

    /// The kind with this number.
    pub(crate) fn get(&self, id: u16) -> Kind {
        match self.kinds.get(usize::from(id)) {
            Some(kind) => *kind,
            // tree-sitter numbers its error nodes outside of the grammar.
            None => Kind::Error,
        }
    }
}
