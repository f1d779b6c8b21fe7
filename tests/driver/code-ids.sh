# Code ids: an edit elsewhere, other names of variables and other positions leave
# them alone; another body changes them. The same program gives the same bytes.
cat > one.scm <<'EOF'
(define (walk tree visit) (if (pair? tree) (begin (walk (car tree) visit) (walk (cdr tree) visit)) (visit tree)))
(define (other x) (list x x))
(print (other 1))
(walk (list 1 2 3) (lambda (x) (print x)))
EOF
cat > edited.scm <<'EOF'
;; a comment, and a procedure in front
(define (another x y) (vector y x (string-length "abc")))
(define (walk node see)
  (if (pair? node)
      (begin (walk (car node) see) (walk (cdr node) see))
      (see node)))
(define (other x) (list x 'edited x))
(print (other 1) (another 1 2))
(walk (list 1 2 3) (lambda (x) (print x)))
EOF
sed 's/(walk (car tree) visit)/(walk (car tree) list)/' one.scm > changed.scm
ids() { "$TCC" --dump=ids "$1" | grep " $2\$" | sort; }
ids one.scm walk > one.ids
[ -s one.ids ]
ids edited.scm walk | cmp - one.ids
if ids changed.scm walk | cmp -s - one.ids; then echo "another body, but the same ids"; exit 1; fi
"$TCC" one.scm -o first && "$TCC" one.scm -o second && cmp first second
